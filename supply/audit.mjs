// Checks production packages for known vulnerabilities. Exits with 1 if a high or critical one has no valid
// exception in audit-exceptions.json, and with 2 if no registry responds, so that scripts do not take this
// for a pass.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { productionPaths } from './production-packages.mjs';

const SERIOUS = ['high', 'critical'];
// Without `--omit=dev`, because the console bundles development dependencies.
const OPTIONS = ['--json', '--loglevel=warn', '--fetch-retries=0', '--fetch-timeout=15000'];

/** Runs `npm audit` for all packages. The report is null if no registry responds. */
export function runAudit() {
  // npm exits with 1 for any finding, so its status is not checked.
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 };
  const { stdout, stderr, error } = spawnSync('npm', ['audit', ...OPTIONS], options);
  const output = (error?.message ?? stderr).trim();
  try {
    const report = JSON.parse(stdout);
    return { report: report.vulnerabilities === undefined ? null : report, output };
  } catch {
    return { report: null, output };
  }
}

/** Returns the report limited to production packages. */
export function ofProduction(report) {
  const paths = new Set(productionPaths());
  const isOfProduction = ([, { nodes }]) => nodes.some((path) => paths.has(path));
  return {
    vulnerabilities: Object.fromEntries(Object.entries(report.vulnerabilities).filter(isOfProduction)),
  };
}

/** Returns one line for each high or critical advisory without an exception valid on the day. */
export function seriousFindings(report, exceptions, today) {
  const covered = new Set(exceptions.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
  const findings = Object.values(report.vulnerabilities)
    .flatMap(({ via }) => via)
    // A string names another package of the report, which has the advisory.
    .filter((via) => typeof via !== 'string' && SERIOUS.includes(via.severity))
    .filter(({ url }) => !covered.has(url.split('/').at(-1)))
    .map(({ name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`);
  return [...new Set(findings)];
}

/** Reads audit-exceptions.json. */
export const readExceptions = () =>
  JSON.parse(readFileSync(new URL('audit-exceptions.json', import.meta.url), 'utf8'));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { report, output } = runAudit();
  if (report === null) {
    console.log(`NOT RUN: no registry responded to the audit. npm printed:\n${output}`);
    process.exitCode = 2;
  } else {
    const today = new Date().toISOString().slice(0, 10);
    const findings = seriousFindings(ofProduction(report), readExceptions(), today);
    console.log(`${findings.length} serious findings`);
    findings.forEach((finding) => console.log(finding));
    process.exitCode = findings.length > 0 ? 1 : 0;
  }
}
