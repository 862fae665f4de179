"""The operator's part of a restore in the midst of the campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.campaigns.fault_campaign.campaign_processes import CampaignProcesses
from tests.campaigns.fault_campaign.campaign_servers import CampaignServers


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDrill:
    """`programs`: all that write into the database."""

    processes: CampaignProcesses
    servers: CampaignServers
    programs: Sequence[str]

    def take_backup(self) -> None:
        """Raises BackupFailedError."""
        self.servers.take_backup()

    def restore(self, *, last_look: Callable[[], None]) -> None:
        """
        While nothing else is broken; `last_look` sees what is lost then. Raises LocalServerError,
        subprocess.CalledProcessError.
        """
        self.processes.stop(self.programs)
        last_look()
        self.servers.restore_backup()
        self.processes.run("restore_mark")
        self.processes.revive()
