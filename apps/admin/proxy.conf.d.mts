declare const proxies: Record<string, { target: string }>;
export default proxies;
