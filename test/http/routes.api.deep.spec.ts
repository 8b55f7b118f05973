import './routes.api.spec.js';
