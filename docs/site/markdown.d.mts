/** Returns the anchors of a Markdown file, as GitHub creates them. */
export function anchorsOf(path: string): string[];

/** Returns the links of a Markdown file within the repository. */
export function linksOf(path: string): string[];

/** Returns the links of a Markdown file to other sites. */
export function externalLinksOf(path: string): string[];

/** Returns the file that a link on a page points to, as a path in the repository. */
export function targetOf(page: string, link: string): string;

/** Whether a link on a page points to a file, and its anchor to a heading of that file. */
export function hasTarget(page: string, link: string): boolean;

/** Returns the title of a Markdown file. */
export function titleOf(path: string): string;
