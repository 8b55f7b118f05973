import './unsaved-input.console.spec.js';
