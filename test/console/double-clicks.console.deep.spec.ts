import './double-clicks.console.spec.js';
