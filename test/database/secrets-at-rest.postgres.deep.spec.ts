// Covers B9 in docs/explanation/security.md.
import './secrets-at-rest.api.spec.js';
