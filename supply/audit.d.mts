/** What is known against a package, as `npm audit --json` says it. */
export interface Advisory {
  name: string;
  severity: string;
  title: string;
  url: string;
}

/** What `npm audit --json` answers, as far as it is read here; a text in `via` names another package of the report. */
export interface AuditReport {
  vulnerabilities: Record<string, { via: (string | Advisory)[] }>;
}

/** A finding that does not matter here, by its advisory's id, with the reason and the last day on which that is believed. */
export interface AuditException {
  advisory: string;
  reason: string;
  until: string;
}

/** What `npm audit` says of production packages, or null where no registry answers that. */
export function askRegistry(): AuditReport | null;

/** Each high or critical advisory of a report that no exception covers on a day, one line each. */
export function seriousFindings(report: AuditReport, exceptions: AuditException[], today: string): string[];

/** The exceptions that are written down. */
export function readExceptions(): AuditException[];
