import type { Guard } from './gateway-files';

type Page = Promise<{ readonly default: string }>;

const framework = (): Page => import('../../../../../../docs/guides/verify-locally.md');

/** The pages with the tested configurations. */
export const GUIDES: Readonly<Record<Guard, () => Page>> = {
  nginx: () => import('../../../../../../docs/guides/gateways/nginx.md'),
  caddy: () => import('../../../../../../docs/guides/gateways/caddy.md'),
  haproxy: () => import('../../../../../../docs/guides/gateways/haproxy.md'),
  apache: () => import('../../../../../../docs/guides/gateways/apache.md'),
  traefik: () => import('../../../../../../docs/guides/gateways/traefik.md'),
  express: framework,
  fastify: framework,
  nest: framework,
};
