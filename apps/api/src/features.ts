import { type ModuleMetadata } from '@nestjs/common';

/** Additional feature modules; see `docs/guides/add-a-feature.md`. */
export const FEATURES: NonNullable<ModuleMetadata['imports']> = [];
