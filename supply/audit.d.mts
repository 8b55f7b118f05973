/** What is known against a package, as `npm audit --json` says it. */
export interface Advisory {
  name: string;
  severity: string;
  title: string;
  url: string;
}

/**
 * What `npm audit --json` answers, as far as it is read here; a text in `via` names another package of the report, `nodes`
 * are folders of the lock file.
 */
export interface AuditReport {
  vulnerabilities: Record<string, { via: (string | Advisory)[]; nodes: string[] }>;
}

/** A finding that does not matter here, by its advisory's id, with the reason and the last day on which that is believed. */
export interface AuditException {
  advisory: string;
  reason: string;
  until: string;
}

/** What `npm audit` says of all packages, or null where no registry answers that; and what npm said beside it. */
export function askRegistry(): { report: AuditReport | null; said: string };

/** What of a report is about packages that run in production. */
export function ofProduction(report: AuditReport): AuditReport;

/** Each high or critical advisory of a report that no exception covers on a day, one line each. */
export function seriousFindings(report: AuditReport, exceptions: AuditException[], today: string): string[];

/** The exceptions that are written down. */
export function readExceptions(): AuditException[];
