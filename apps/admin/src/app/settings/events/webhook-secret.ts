import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  input,
  output,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { EventTargetDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { guardLeave } from '../../shared/leave-guard';
import type { OneTimeSecret } from '../../shared/tokens/one-time-secret';
import { CopyButton } from '../../shared/ui/copy-button';
import { Icon } from '../../shared/ui/icon';

/** The secret of a webhook, which is shown once, instead of the page around it. */
@Component({
  selector: 'app-webhook-secret',
  imports: [CopyButton, Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h1 tabindex="-1">{{ heading() }}</h1>
    <p class="quiet">{{ t().events.secret.text }}</p>
    <p class="notice"><app-icon name="alert" />{{ t().secret.once }}</p>
    <div class="code-box row between">
      <code>{{ secret().token()?.secret }}</code>
      <app-copy-button
        isMain
        [text]="secret().token()?.secret ?? ''"
        [caption]="t().events.secret.copy"
        (copied)="secret().isCopied.set(true)"
      />
    </div>
    @if (secret().token()?.oldSecretExpirationTime) {
      <p>{{ t().events.secret.overlap }}</p>
    }
    <button [matButton]="secret().isCopied() ? 'filled' : 'tonal'" type="button" (click)="finish()">
      {{ t().common.done }}
    </button>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      gap: var(--space-4);
      max-width: 720px;
    }
    .quiet {
      margin-top: calc(-1 * var(--space-3));
    }
    .row {
      justify-self: stretch;
    }
  `,
})
export class WebhookSecret {
  readonly heading = input.required<string>();
  readonly secret = input.required<OneTimeSecret<EventTargetDto>>();
  /** Emits when the user has copied the secret, or wants to leave without it. */
  readonly done = output();

  protected readonly t = injectTexts();
  private isDone = false;

  constructor() {
    guardLeave(() => this.isDone || this.secret().mayLeave());
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('h1')?.focus());
  }

  protected async finish(): Promise<void> {
    if (await this.secret().mayLeave()) {
      this.isDone = true;
      this.done.emit();
    }
  }
}
