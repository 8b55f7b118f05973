import { describeAccessibility } from './accessible-screens.js';

describeAccessibility([
  { width: 1280, themes: ['light', 'dark'] },
  { width: 390, themes: ['dark'] },
]);
