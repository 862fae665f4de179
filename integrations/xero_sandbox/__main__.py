import sys

from integrations.xero_sandbox.command_line import main

sys.exit(main())
