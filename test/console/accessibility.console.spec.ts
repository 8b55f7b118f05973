import { describeAccessibility } from './accessible-screens.js';

describeAccessibility([{ width: 1280, themes: ['light'] }]);
