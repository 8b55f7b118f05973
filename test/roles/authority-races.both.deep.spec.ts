import './authority-races.api.spec.js';
