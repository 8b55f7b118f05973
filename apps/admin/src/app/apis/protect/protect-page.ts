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
import { loaded } from '../../shared/loaded';
import { CopyButton } from '../../shared/ui/copy-button';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { injectApis } from '../apis-api';
import {
  type Guard,
  guardFiles,
  type GuardFile,
  GUARDS,
  guideValues,
  loadCommands,
  VALUE_PATTERNS,
} from './gateway-files';
import { GUIDES } from './guides';

const TITLES: Readonly<Record<Guard, string>> = {
  nginx: 'nginx',
  caddy: 'Caddy',
  haproxy: 'HAProxy',
  apache: 'Apache httpd',
  traefik: 'Traefik',
  express: 'Express',
  fastify: 'Fastify',
  nest: 'NestJS',
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
      gap: 20px 24px;
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
    @media (max-width: 1199px) {
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
  protected readonly guards = GUARDS;
  protected readonly titles = TITLES;
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
  protected readonly isFramework = computed(() => !('upstream' in guideValues(this.guard())));
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
    const values = this.values();
    return values && loadCommands(this.guard(), values);
  });

  /** Commands that test the API if it runs where the fields say. The routes of the examples are in their guides. */
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
    const shown: readonly string[] = this.addresses();
    const { path, listen, host, upstream } = this.form.controls;
    for (const [name, control] of Object.entries({ listen, host, upstream })) {
      setEnabled(control, shown.includes(name));
    }
    setEnabled(path, !this.isFramework());
  }

  protected download({ name, text: content }: GuardFile): void {
    const link = this.document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
    link.download = name.split('/').at(-1) ?? name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function text(value: string, pattern: RegExp) {
  return new FormControl(value, {
    nonNullable: true,
    validators: [Validators.required, Validators.pattern(pattern)],
  });
}

function setEnabled(control: FormControl<string>, isEnabled: boolean): void {
  if (isEnabled) {
    control.enable();
  } else {
    control.disable();
  }
}
