import './list.both.spec.js';
