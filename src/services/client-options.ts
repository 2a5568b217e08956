import type { LinkStyle } from '../cds-hooks/card.ts';
import type { Registration } from '../cds-hooks/clients.ts';
import type { Config } from '../settings.ts';

/** What a site may set for one CDS client beside who it is. */
export interface ClientOptions {
  readonly audit: 'store' | 'off';
  readonly links: LinkStyle;
  /** 0 for no limit. */
  readonly callsPerMinute: number;
  /** Absent: those of the setting `corsOrigins`. */
  readonly origins?: readonly string[];
}

/** Options of a client by its id; of one that is not registered, and of none, the settings. */
export type ClientOptionsOf = (client?: string) => ClientOptions;

/** What the registration of a client leaves out comes from the settings. */
export function clientOptions(
  config: Pick<Config, 'audit' | 'callsPerMinute'>,
  registrations: readonly Registration[],
): ClientOptionsOf {
  const base: ClientOptions = {
    audit: config.audit,
    links: { type: 'absolute' },
    callsPerMinute: config.callsPerMinute,
  };
  const clients = new Map<string, ClientOptions>(
    registrations.map(({ id, audit, links, callsPerMinute, origins }) => [
      id,
      {
        audit: audit ?? base.audit,
        links: links ?? base.links,
        callsPerMinute: callsPerMinute ?? base.callsPerMinute,
        ...(origins === undefined ? {} : { origins }),
      },
    ]),
  );
  // In development nobody but this machine calls.
  clients.set('development', { ...base, callsPerMinute: 0 });
  return (client) => (client === undefined ? base : (clients.get(client) ?? base));
}
