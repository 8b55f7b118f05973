// Both versions of the driver have the same members.
import Database = require('better-sqlite3');

export = Database;
