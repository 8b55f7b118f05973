// Covers B15 and B17 in docs/explanation/security.md.
import './operations/invalid-input.js';
