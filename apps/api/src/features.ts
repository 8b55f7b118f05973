import { type ModuleMetadata } from '@nestjs/common';

/** Additional feature modules; see `docs/contributing/add-a-feature.md`. */
export const FEATURES: NonNullable<ModuleMetadata['imports']> = [];
