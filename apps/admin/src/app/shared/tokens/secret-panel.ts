import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatTabsModule } from '@angular/material/tabs';
import type { UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '@latchkey/client';
import { injectTexts } from '../../core/language';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';

/** Shows the secret of a token once, in several formats. */
@Component({
  selector: 'app-secret-panel',
  imports: [CopyButton, Icon, MatTabsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="notice"><app-icon name="alert" />{{ t().secret.once }}</p>
    <mat-tab-group mat-stretch-tabs="false" [attr.aria-label]="t().secret.forms">
      @for (form of forms(); track form.name) {
        <mat-tab [label]="form.label">
          <div class="form">
            <pre tabindex="0" class="code-box"><code>{{ form.text }}</code></pre>
            <div class="row between">
              <p class="second-line">{{ form.hint }}</p>
              <app-copy-button isMain [text]="form.text" [caption]="form.caption" (copied)="copied.emit()" />
            </div>
          </div>
        </mat-tab>
      }
    </mat-tab-group>
  `,
  styles: `
    :host {
      --mat-tab-container-height: 44px;

      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-2);
    }
    .form {
      display: grid;
      gap: var(--space-3);
      padding: var(--space-4) 0 var(--space-1);
    }
    code {
      user-select: all;
    }
    .row p {
      flex: 1 1 240px;
    }
  `,
})
export class SecretPanel {
  private readonly origin = inject(DOCUMENT).location.origin;

  /** The response with the secret. */
  readonly token = input.required<UserTokenDto>();
  readonly copied = output();

  protected readonly t = injectTexts();
  protected readonly forms = computed(() => {
    const { kind, user, token: secret = '' } = this.token();
    const header = tokenHeader({ user, token: secret })['X-Auth-Token'] ?? '';
    const texts: Record<SecretForm, string> = {
      token: secret,
      header,
      curl: `curl -H 'X-Auth-Token: ${header}' '${this.origin}/me'`,
      env: `AUTH_URL=${this.origin}\nAUTH_USER=${user}\nAUTH_TOKEN=${secret}\nX_AUTH_TOKEN=${header}`,
    };
    const { labels, hints, copy } = this.t().secret;
    // The test request would raise the alarm of a canary.
    const shown = SECRET_FORMS.filter((name) => kind !== 'canary' || name !== 'curl');
    return shown.map((name) => ({
      name,
      label: labels[name],
      hint: hints[name],
      caption: copy[name],
      text: texts[name],
    }));
  });
}

const SECRET_FORMS = ['token', 'header', 'curl', 'env'] as const;

type SecretForm = (typeof SECRET_FORMS)[number];
