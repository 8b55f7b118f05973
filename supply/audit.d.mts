/** A vulnerability as reported by `npm audit --json`. */
export interface Advisory {
  name: string;
  severity: string;
  title: string;
  url: string;
}

/**
 * The parts of an `npm audit --json` report that are used. A string in `via` names another package; `nodes`
 * are lock file paths.
 */
export interface AuditReport {
  vulnerabilities: Record<string, { via: (string | Advisory)[]; nodes: string[] }>;
}

/** An advisory that does not affect Latchkey, with the reason and the last day of the exception. */
export interface AuditException {
  advisory: string;
  reason: string;
  until: string;
}

/** Runs `npm audit` for all packages. The report is null if no registry responds. */
export function runAudit(): { report: AuditReport | null; output: string };

/** Returns the report limited to production packages. */
export function ofProduction(report: AuditReport): AuditReport;

/** Returns one line for each high or critical advisory without an exception valid on the day. */
export function seriousFindings(report: AuditReport, exceptions: AuditException[], today: string): string[];

/** Reads audit-exceptions.json. */
export function readExceptions(): AuditException[];
