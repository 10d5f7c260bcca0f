"""The study on disk: folder, database, migrations, file hashes, key."""
