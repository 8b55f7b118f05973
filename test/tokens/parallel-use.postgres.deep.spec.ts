import './parallel-use.both.spec.js';
