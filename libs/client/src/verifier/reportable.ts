/** Members of a request that a verifier sends to the server. */
export interface ReportableClient {
  readonly agent: string | undefined;
  readonly method: string | undefined;
  readonly route: string | undefined;
}

/** Members that can contain texts of clients. */
type Texts = ReportableClient & { readonly detail: string | undefined };

const AGENT_MAX_LENGTH = 200;
const METHOD_MAX_LENGTH = 20;
const ROUTE_MAX_LENGTH = 200;
const DETAIL_MAX_LENGTH = 200;
/** Token in a path or a query. Clients must not put tokens there, but some do. */
const TOKEN = /[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}/g;

/**
 * Returns the members that are known, as the server accepts them. The server rejects the whole request for a
 * single invalid character.
 */
export function reportable({
  agent,
  method,
  route,
  detail,
}: Partial<Texts>): Partial<Record<keyof Texts, string>> {
  return {
    ...(agent && { agent: printable(agent, AGENT_MAX_LENGTH) }),
    ...(method && { method: printable(method, METHOD_MAX_LENGTH) }),
    ...(route && { route: printable(route.replace(TOKEN, '?'), ROUTE_MAX_LENGTH) }),
    ...(detail && { detail: printable(detail.replace(TOKEN, '?'), DETAIL_MAX_LENGTH) }),
  };
}

function printable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[^ -~]/g, '?');
}
