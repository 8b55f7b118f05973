import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { Injectable } from '@nestjs/common';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.service.js';
import { FIELDS, type ResponseFields } from '../../common/request/header-fields.js';
import { setTokenHeaders } from '../../common/request/principal.js';
import { certainAddress, requestOrigin } from '../../common/request/request-origin.js';
import { hasOneHost, requestId, setConstantHeaders } from '../../http/server/constant-headers.js';
import { EXPOSED_HEADERS } from '../../http/server/cors.js';
import { parseQuery } from '../../http/server/parse-query.js';
import {
  type ForwardedHops,
  forwardedHops,
  trustedProxies,
} from '../../http/server/untrusted-proxies.service.js';
import { type Holder } from '../../tokens/cache/verified-tokens.service.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { Config } from '../../platform/config/config.js';
import { presentedText, rejectRepeatedCredentials } from '../credentials/token-credentials.js';
import { type Demands, demandsOf, meetsDemands, NO_DEMANDS, setIdentityHeaders } from './demands.js';
import { type FoundToken, TokenAuthentication } from './token-authentication.service.js';

const PATH = '/auth/verify';
/** Maximum length of a URL. The parsed queries of longer ones are not cached. */
const URL_MAX_LENGTH = 500;
const CONNECTION = /^(?:keep-alive|close)$/i;
/** Maximum number of tokens whose header fields are cached. Those of 100,000 tokens would take 30 MiB. */
const HEADS_MAX = 2_000;

/**
 * Fields that requests may have: this class reads them, or the route ignores them. The route handles requests
 * with any other field, such as `Content-Length` or `Expect`.
 */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'cookie',
  'dnt',
  'host',
  'if-modified-since',
  'if-none-match',
  'origin',
  'pragma',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-auth-token',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-internal',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-method',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-forwarded-uri',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-real-ip',
  'x-request-id',
]);

/** Parts of Fastify's request that the route reads. */
class PlainRequest implements Pick<FastifyRequest, 'headers' | 'id' | 'ip' | 'ips' | 'protocol'> {
  constructor(
    readonly id: string,
    readonly headers: IncomingHttpHeaders,
    readonly ip: string,
    readonly ips: string[] | undefined,
    readonly protocol: 'http' | 'https',
    private readonly isTrusted: (address: string) => boolean,
  ) {}

  get certainAddress(): string | undefined {
    return certainAddress(this, this.isTrusted);
  }
}

/**
 * Header fields of the response for a token, which later requests reuse. Each request replaces the request
 * id.
 */
interface Head {
  readonly holder: Holder;
  readonly api: string | undefined;
  readonly protocol: string;
  /** Alternating names and values, the form that Node writes fastest. */
  readonly fields: string[];
  /** Index of the request id in the list. */
  readonly idIndex: number;
}

/**
 * Fast path of `GET /auth/verify`: accepts tokens before Fastify and Nest, which take more than half of the
 * processor time of a verification. It finds tokens in the cache and, on SQLite, in the database. It handles
 * only requests that meet a list of conditions. The route handles all others, so only the route rejects
 * requests. Both send the same response, byte for byte, and record the same.
 */
@Injectable()
export class VerifyFastPath {
  private readonly hops: ForwardedHops | undefined;
  private readonly isTrusted: (address: string) => boolean;
  private readonly hasCors: boolean;
  private readonly heads = new Map<string, Head>();
  private isClosing = false;
  private onAccept: ((holder: Holder) => void) | undefined;

  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.hops = forwardedHops(config);
    this.isTrusted = trustedProxies(config);
    this.hasCors = config.corsOrigins.length > 0;
  }

  /**
   * Handles the requests of a server before its routes.
   *
   * @param onAccept called for each accepted request, before its response ends.
   */
  install(instance: FastifyInstance, onAccept?: (holder: Holder) => void): void {
    this.onAccept = onAccept;
    const { server } = instance;
    const [route] = server.listeners('request') as RequestListener[];
    if (!route) {
      throw new Error('The server has no routes.');
    }
    server.removeListener('request', route);
    server.prependListener('request', (request, response) => {
      restorePath(request);
      if (!this.hasAccepted(request, response)) {
        route.call(server, request, response);
      }
    });
    instance.addHook('preClose', (done) => {
      // From now on, responses close their connection.
      this.isClosing = true;
      done();
    });
  }

  /**
   * Calls {@link accept}. After an error, which would end the process, the route responds if the head is not
   * yet written.
   */
  private hasAccepted(request: IncomingMessage, response: ServerResponse): boolean {
    try {
      return this.accept(request, response);
    } catch {
      if (response.headersSent) {
        response.destroy();
      }
      return response.headersSent;
    }
  }

  /** Returns the parts of a request that the route reads; `undefined` if they are unusual. */
  private read(request: IncomingMessage): PlainRequest | undefined {
    const { hops, isTrusted } = this;
    const { headers, socket } = request;
    const ip = socket.remoteAddress;
    const forwarded = (hops && headers['x-forwarded-proto']) ?? 'http';
    if (ip === undefined || (forwarded !== 'http' && forwarded !== 'https')) {
      return undefined;
    }
    const protocol = hops?.isTrusted(ip) ? forwarded : 'http';
    return new PlainRequest(requestId(request), headers, ip, hops?.of(request), protocol, isTrusted);
  }

  /** Responds to a request with 200 if it meets all conditions. Returns `false` otherwise. */
  private accept(request: IncomingMessage, response: ServerResponse): boolean {
    const { headers } = request;
    if (!isPlain(request) || this.isClosing || response.hasHeader('connection')) {
      return false;
    }
    if (this.hasCors && headers.origin !== undefined) {
      return false;
    }
    rejectRepeatedCredentials(request);
    const presented = presentedText(headers);
    const client = presented === undefined ? undefined : this.read(request);
    if (presented === undefined || !client) {
      return false;
    }
    const found = this.authentication.findSync(presented, client);
    const query = request.url?.slice(PATH.length + 1);
    const demands = found && (query ? demandsOf(parseQuery(query)) : NO_DEMANDS);
    if (!demands || !meetsDemands(demands, found.holder, this.clock)) {
      return false;
    }
    const { token } = found.holder;
    const head = this.headFor(found, demands, client);
    head.fields[head.idIndex] = client.id;
    // Write the head before recording the use: if this fails, the route handles the request, and records it.
    response.writeHead(200, head.fields);
    this.authentication.recordUseOf(found, presented, requestOrigin(client));
    if (demands.permissions.length > 0) {
      this.lastUses.noteDemands(token, demands.permissions);
    }
    this.onAccept?.(found.holder);
    response.end();
    return true;
  }

  /**
   * Returns the header fields of the response. Requests with the same holder, API and protocol share them.
   */
  private headFor({ holder, reading }: FoundToken, demands: Demands, client: PlainRequest): Head {
    const { api } = demands;
    const { protocol } = client;
    const known = this.heads.get(holder.token.id);
    if (known?.holder === holder && known.api === api && known.protocol === protocol) {
      return known;
    }
    const list = new FieldList();
    setConstantHeaders(client, list);
    if (this.hasCors) {
      list.header('access-control-expose-headers', EXPOSED_HEADERS);
    }
    setTokenHeaders(list, holder.token);
    setIdentityHeaders(list, holder, demands);
    list.header('content-length', '0');
    const { fields } = list;
    const head = { holder, api, protocol, fields, idIndex: fields.indexOf(FIELDS.xRequestId) + 1 };
    // Another reading returns another holder.
    if (!reading) {
      if (this.heads.size >= HEADS_MAX) {
        this.heads.clear();
      }
      this.heads.set(holder.token.id, head);
    }
    return head;
  }
}

/**
 * Turns `/auth/verify/{demands}/…` of any method into `GET /auth/verify?{demands}`, for gateways such as
 * Envoy, which keep the method and append the path of their client. That path is ignored, with its query and
 * the body. If the demands are empty, the gateway probably lacks its configuration, so the query is invalid.
 */
export function restorePath(request: IncomingMessage): void {
  const { url = '' } = request;
  if (url.startsWith(`${PATH}/`)) {
    const [demands = ''] = url.slice(PATH.length + 1).split(/[/?]/, 1);
    request.url = `${PATH}?${/[^&]/.test(demands) ? demands : 'demands'}`;
    request.method = 'GET';
    delete request.headers['content-length'];
    delete request.headers['transfer-encoding'];
  }
}

/** Whether a request is for this route, and has nothing unusual. */
function isPlain(request: IncomingMessage): boolean {
  const { method, url = '', httpVersion, headers } = request;
  if ((method !== 'GET' && method !== 'HEAD') || httpVersion !== '1.1') {
    return false;
  }
  if (url !== PATH && (!url.startsWith(`${PATH}?`) || url.length > URL_MAX_LENGTH)) {
    return false;
  }
  for (const name in headers) {
    if (!KNOWN_FIELDS.has(name)) {
      return false;
    }
  }
  return hasOneHost(request) && (headers.connection === undefined || CONNECTION.test(headers.connection));
}

/** Collects header fields in a list. */
class FieldList implements ResponseFields {
  readonly fields: string[] = [];

  header(name: string, value: string): void {
    this.fields.push(name, value);
  }

  removeHeader(): void {
    // No field is set twice.
  }
}
