import './operations/invalid-input.js';
