#!/usr/bin/env node
// Must come first: other files do not parse on old versions of Node, which print a stack trace then.
require('./check-node.cjs');
require('./run.cjs');
