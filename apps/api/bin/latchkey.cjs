#!/usr/bin/env node
// Must come first: old versions of Node cannot parse the other files, and would print a stack trace.
require('./check-node.cjs');
require('./run.cjs');
