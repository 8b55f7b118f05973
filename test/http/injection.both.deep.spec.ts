// Covers B19 in docs/explanation/security.md, also on SQLite.
import './injection.postgres.spec.js';
