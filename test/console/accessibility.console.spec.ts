import { describeAccessibility } from './accessible-screens.js';

// The narrow screens have the colours of the wide ones.
describeAccessibility(
  new Map([
    [1280, ['light', 'dark']],
    [390, ['light']],
  ]),
);
