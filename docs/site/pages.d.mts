/** Folder of the built site, relative to the repository. */
export const SITE: string;

/** Packages with a reference from their docstrings: folders in `libs`. */
export const PACKAGES: string[];

/** Returns the pages of the site by their path in the repository. */
export function markdownPages(): Map<string, string>;
