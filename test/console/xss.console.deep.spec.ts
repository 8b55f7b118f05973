import './xss.console.spec.js';
