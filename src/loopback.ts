const addressPattern = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
const hostPattern = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Whether an address, as a socket says it or as it is listened on, is this machine alone. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || addressPattern.test(address);
}

/** The same for the host of a URL or of a Host header, where IPv6 stands in brackets. */
export function isLoopbackHost(host: string): boolean {
  return hostPattern.test(host);
}
