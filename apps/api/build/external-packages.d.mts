export const EXTERNAL_PACKAGES: readonly string[];
