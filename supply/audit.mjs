// Asks the registry what is known against the packages that run in production, and ends with 1 if anything high or critical is
// not in audit-exceptions.json, or is there beyond its date. An answer that does not come is no finding, and no pass either: 2.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { productionPaths } from './production-packages.mjs';

const SERIOUS = ['high', 'critical'];
// Not `--omit=dev`: what the console is built from is installed for the build only, and runs in every browser.
const OPTIONS = ['--json', '--loglevel=warn', '--fetch-retries=0', '--fetch-timeout=15000'];

/** What `npm audit` says of all packages, or null where no registry answers that; and what npm said beside it. */
export function askRegistry() {
  // Whatever is found, npm ends with 1.
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 };
  const { stdout, stderr, error } = spawnSync('npm', ['audit', ...OPTIONS], options);
  const said = (error?.message ?? stderr).trim();
  try {
    const report = JSON.parse(stdout);
    return { report: report.vulnerabilities === undefined ? null : report, said };
  } catch {
    return { report: null, said };
  }
}

/** What of a report is about packages that run in production. */
export function ofProduction(report) {
  const paths = new Set(productionPaths());
  const isOfProduction = ([, { nodes }]) => nodes.some((path) => paths.has(path));
  return {
    vulnerabilities: Object.fromEntries(Object.entries(report.vulnerabilities).filter(isOfProduction)),
  };
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
  const { report, said } = askRegistry();
  if (report === null) {
    console.log(`NOT RUN: no registry answered the audit. npm said:\n${said}`);
    process.exitCode = 2;
  } else {
    const today = new Date().toISOString().slice(0, 10);
    const findings = seriousFindings(ofProduction(report), readExceptions(), today);
    console.log(`${findings.length} serious findings`);
    findings.forEach((finding) => console.log(finding));
    process.exitCode = findings.length > 0 ? 1 : 0;
  }
}
