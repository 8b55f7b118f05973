import './injection.both.spec.js';
