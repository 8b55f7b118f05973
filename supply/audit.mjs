// Asks the registry what is known against the packages that run in production, and ends with 1 if anything high or critical is
// not in audit-exceptions.json, or is there beyond its date. An answer that does not come is no finding, and no pass either.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const SERIOUS = ['high', 'critical'];
const OPTIONS = ['--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=15000'];

/** What `npm audit` says of production packages, or null where no registry answers that. */
export function askRegistry() {
  // Whatever is found, npm ends with 1.
  const { stdout } = spawnSync('npm', ['audit', ...OPTIONS], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  try {
    const report = JSON.parse(stdout);
    return report.vulnerabilities === undefined ? null : report;
  } catch {
    return null;
  }
}

/** Each high or critical advisory of a report that no exception covers on a day, one line each. */
export function seriousFindings(report, exceptions, today) {
  const covered = new Set(exceptions.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
  const findings = Object.values(report.vulnerabilities)
    .flatMap(({ via }) => via)
    // A text names another package of the report, where the advisory stands.
    .filter((via) => typeof via !== 'string' && SERIOUS.includes(via.severity))
    .filter(({ url }) => !covered.has(url.split('/').at(-1)))
    .map(({ name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`);
  return [...new Set(findings)];
}

/** The exceptions that are written down: an advisory, why it does not matter here, and until when. */
export const readExceptions = () =>
  JSON.parse(readFileSync(new URL('audit-exceptions.json', import.meta.url), 'utf8'));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const report = askRegistry();
  const today = new Date().toISOString().slice(0, 10);
  const findings = report === null ? [] : seriousFindings(report, readExceptions(), today);
  console.log(
    report === null ? 'NOT RUN: no registry answered the audit.' : `${findings.length} serious findings`,
  );
  findings.forEach((finding) => console.log(finding));
  process.exitCode = findings.length > 0 ? 1 : 0;
}
