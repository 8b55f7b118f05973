import { ok, problem, warning, type Result } from './finding.js';

/**
 * Supported releases of Node: the oldest supported version of each, as in `engines` of package.json, and its
 * end of life.
 */
export const NODE_RELEASES = [
  { major: 20, minor: 20, endOfLife: '2026-04-30' },
  { major: 22, minor: 14, endOfLife: '2027-04-30' },
  { major: 24, minor: 11, endOfLife: '2028-04-30' },
  { major: 26, minor: 0, endOfLife: '2029-04-30' },
];

const UPGRADE = `Install Node ${NODE_RELEASES.at(-1)?.major}.`;

/** Checks the version of Node, such as `26.1.0`. */
export function checkNode(version: string, now: Date): Result {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const release = NODE_RELEASES.find((each) => each.major === major);
  if (release === undefined && major > (NODE_RELEASES.at(-1)?.major ?? 0)) {
    return warning(`Node ${version} is newer than the versions that Latchkey was tested with.`, UPGRADE);
  }
  if (release === undefined || minor < release.minor) {
    return problem(`Node ${version} is not supported.`, UPGRADE);
  }
  if (now >= new Date(release.endOfLife)) {
    return warning(
      `Node ${major} works, but its support ended on ${release.endOfLife}. It no longer gets security fixes.`,
      UPGRADE,
    );
  }
  return ok(`Node ${version} is supported, and gets security fixes until ${release.endOfLife}.`);
}
