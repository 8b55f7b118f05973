import * as base from './base';
import * as events from './events';
import * as features from './features';

/** The English catalogue, which all other languages translate. */
export const EN = { ...base, ...features, ...events };
