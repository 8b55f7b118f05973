import { EN_BASE } from './base';
import { EN_FEATURES } from './features';

/** The English catalogue, which all other languages translate. */
export const EN = { ...EN_BASE, ...EN_FEATURES };
