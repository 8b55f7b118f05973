import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { from, map, startWith } from 'rxjs';
import { injectTexts } from '../../core/language';
import { saveFile } from '../../shared/list/list-export';
import { loaded } from '../../shared/loaded';
import { CopyButton } from '../../shared/ui/copy-button';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { injectApis } from '../apis-api';
import { type Guard, guardFiles, type GuardFile, GUARDS, VALUE_PATTERNS } from './gateway-files';

const frameworks = () => import('../../../../../../docs/guides/verify-locally.md');

/** The pages with the tested configurations. */
const GUIDES: Readonly<Record<Guard, typeof frameworks>> = {
  nginx: () => import('../../../../../../docs/guides/gateways/nginx.md'),
  caddy: () => import('../../../../../../docs/guides/gateways/caddy.md'),
  haproxy: () => import('../../../../../../docs/guides/gateways/haproxy.md'),
  apache: () => import('../../../../../../docs/guides/gateways/apache.md'),
  traefik: () => import('../../../../../../docs/guides/gateways/traefik.md'),
  express: frameworks,
  fastify: frameworks,
  nest: frameworks,
};

/** Commands that load the files. */
const COMMANDS: Readonly<Record<Guard, string>> = {
  nginx: 'sudo nginx -t && sudo systemctl reload nginx',
  caddy: 'caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile && sudo systemctl reload caddy',
  haproxy: 'sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl restart haproxy',
  apache: 'sudo a2enmod lua headers proxy_http\nsudo apache2ctl configtest && sudo systemctl restart apache2',
  traefik: '',
  express: 'node server.mjs',
  fastify: 'node server.mjs',
  nest: 'npx tsc && node dist/main.js',
};

/** Wizard that fills the tested configuration of a gateway or framework with the permissions of an API. */
@Component({
  selector: 'app-protect-page',
  imports: [
    BackLink,
    CopyButton,
    ErrorState,
    Icon,
    MatButton,
    MatFormFieldModule,
    MatInput,
    MatSelectModule,
    PageHeader,
    ReactiveFormsModule,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './protect-page.html',
  styles: `
    .steps {
      display: grid;
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
      gap: var(--space-5) var(--space-6);
      align-items: start;
    }
    .file {
      font-family: var(--app-mono);
      overflow-wrap: anywhere;
    }
    pre {
      max-height: 60dvh;
      margin: 0;
      overflow: auto;
      white-space: pre;
    }
    @media (width < 75em) {
      .steps {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class ProtectPage {
  private readonly client = injectApis();
  private readonly document = inject(DOCUMENT);

  readonly name = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly guards = Object.entries(GUARDS) as [Guard, string][];
  protected readonly guard = signal<Guard>('nginx');
  /** Address of the console, which usually has no port behind TLS. */
  private readonly own = this.document.location.host;
  protected readonly form = new FormGroup({
    read: text('', /./),
    write: text('', /./),
    path: text('/', VALUE_PATTERNS.path),
    listen: text('127.0.0.1:8080', VALUE_PATTERNS.address),
    host: text('api.example.com', VALUE_PATTERNS.host),
    upstream: text('127.0.0.1:8000', VALUE_PATTERNS.address),
    latchkey: text(
      VALUE_PATTERNS.address.test(this.own) ? this.own : '127.0.0.1:3000',
      VALUE_PATTERNS.address,
    ),
  });
  private readonly typed = toSignal(
    this.form.valueChanges.pipe(
      startWith(null),
      map(() => (this.form.valid ? this.form.getRawValue() : null)),
    ),
    { requireSync: true },
  );

  protected readonly api = loaded(this.name, (name) => this.client.get(name));
  protected readonly permissions = computed(() => this.api.value()?.permissions ?? []);
  protected readonly guide = loaded(this.guard, (guard) => from(GUIDES[guard]()));
  protected readonly isFramework = computed(() => GUIDES[this.guard()] === frameworks);
  protected readonly addresses = computed(() => {
    const listen = this.guard() === 'traefik' ? ('host' as const) : ('listen' as const);
    return this.isFramework() ? (['latchkey'] as const) : ([listen, 'upstream', 'latchkey'] as const);
  });
  private readonly values = computed(() => {
    const typed = this.typed();
    const { listen, host } = typed ?? {};
    return (
      typed && { ...typed, api: this.name(), listen: (this.guard() === 'traefik' ? host : listen) ?? '' }
    );
  });
  protected readonly files = computed(() => {
    const [page, values] = [this.guide.value()?.default, this.values()];
    return page === undefined || values === null ? null : guardFiles(this.guard(), page, values);
  });
  protected readonly commands = computed(() => {
    const commands = COMMANDS[this.guard()];
    return this.isFramework()
      ? `export AUTH_URL=http://${this.values()?.latchkey} AUTH_TOKEN_FILE=…\n${commands}`
      : commands;
  });

  /**
   * Commands that test the API if it runs where the fields say. The routes of the examples are in their
   * guides.
   */
  protected readonly testCommands = computed(() => {
    const { listen = '', path = '' } = this.values() ?? {};
    const url = this.isFramework()
      ? 'http://127.0.0.1:8080/orders'
      : `${this.guard() === 'traefik' ? 'https' : 'http'}://${listen}${path}`;
    return ['', '-H "Authorization: Bearer $TOKEN" ', '-H "Authorization: Bearer $OTHER" ']
      .map((field) => `curl -sS -o /dev/null -w '%{http_code}\\n' ${field}${url}`)
      .join('\n');
  });

  constructor() {
    effect(() => {
      const names = this.permissions().map(({ name }) => name);
      const ending = (end: string) => names.find((name) => name.endsWith(end)) ?? names[0] ?? '';
      this.form.patchValue({ read: ending(':read'), write: ending(':write') });
    });
  }

  /** Chooses a product. Fields that it does not have must not make the form invalid. */
  protected choose(guard: Guard): void {
    this.guard.set(guard);
    const shown: readonly string[] = [...this.addresses(), ...(this.isFramework() ? [] : ['path'])];
    const { path, listen, host, upstream } = this.form.controls;
    for (const [name, control] of Object.entries({ path, listen, host, upstream })) {
      control[shown.includes(name) ? 'enable' : 'disable']();
    }
  }

  protected download({ name, text: content }: GuardFile): void {
    saveFile(this.document, new Blob([content], { type: 'text/plain' }), name.split('/').at(-1) ?? name);
  }
}

function text(value: string, pattern: RegExp) {
  return new FormControl(value, {
    nonNullable: true,
    validators: [Validators.required, Validators.pattern(pattern)],
  });
}
