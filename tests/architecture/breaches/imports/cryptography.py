# contract: cryptography in one file
# stands as: freightbridge/access/cryptography_breach.py
import cryptography.fernet
