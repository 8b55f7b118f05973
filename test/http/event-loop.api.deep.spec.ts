import './event-loop.api.spec.js';
