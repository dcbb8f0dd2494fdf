/** `host` as the WHATWG URL parser writes it: `127.1` has become `127.0.0.1`, IPv6 is in brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
