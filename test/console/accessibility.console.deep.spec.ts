import { describeAccessibility } from './accessible-screens.js';

describeAccessibility(new Map([[390, ['dark']]]));
