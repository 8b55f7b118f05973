import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, DOCUMENT, inject, input } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import type { PasskeyCredentialDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { passkeyErrorText, requestPasskey, supportsPasskeys } from '../../core/passkeys';
import { Icon } from '../ui/icon';
import { submission, SubmissionError } from './submission';

/** Button that asks the browser for a passkey. It is absent where the browser cannot use passkeys. */
@Component({
  selector: 'app-passkey-button',
  imports: [Icon, MatButton, SubmissionError],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isSupported) {
      <!-- The field with the focus keeps it, so that it shows no error that moves the button. -->
      <app-submission-error [submission]="submission" />
      <button
        matButton="tonal"
        type="button"
        disabledInteractive
        [disabled]="submission.isSending() || submission.secondsLeft() > 0"
        (mousedown)="$event.preventDefault()"
        (click)="start()"
      >
        <app-icon matButtonIcon name="key" />
        {{ submission.isSending() ? t().session.passkey.waiting : label() }}
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
    }
    :host:empty {
      display: none;
    }
  `,
})
export class PasskeyButton {
  private readonly http = inject(HttpClient);

  readonly label = input.required<string>();
  /** Sends the proof to the server. */
  readonly send = input.required<(passkey: PasskeyCredentialDto) => Promise<void>>();

  protected readonly t = injectTexts();
  protected readonly isSupported = supportsPasskeys(inject(DOCUMENT));
  protected readonly submission = submission(new FormGroup({}));

  protected start(): Promise<void> {
    return this.submission.submit(
      async () => this.send()(await requestPasskey(this.http)),
      (_problem, cause) => passkeyErrorText(cause, this.t()),
    );
  }
}
