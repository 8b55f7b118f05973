import type { HttpClient } from '@angular/common/http';
import { booleanAttribute, ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ExplanationDto, ExplanationListDto, ExplanationQueryDto } from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';
import { browserName, isBrowser } from '../../core/browser-name';
import { injectTexts } from '../../core/language';
import { RowKeys } from '../list/rows';
import { Time } from '../time/time';

/** Rejected requests with links to their explanations. */
@Component({
  selector: 'app-rejection-rows',
  imports: [RouterLink, RowKeys, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul appRowKeys class="divided" [attr.aria-label]="label()">
      @for (item of items(); track $index) {
        <li>
          <a class="row-link" data-row [routerLink]="['/explanations', item.traceId]">
            <app-time class="second-line" [instant]="item.time" />
            <span>
              <strong>{{ t().rejections.causes[item.cause] }}</strong>
              <code class="second-line ellipsis">{{ item.status }} {{ item.method }} {{ item.route }}</code>
            </span>
            @if (!isOfOneToken()) {
              <span class="ellipsis">
                @if (item.user; as user) {
                  <bdi>{{ user }}</bdi>
                } @else {
                  <span class="quiet">{{ t().rejections.unknownClient }}</span>
                }
                @if (secretOf(item); as secret) {
                  <span class="second-line ellipsis"
                    ><bdi>{{ secret }}</bdi></span
                  >
                }
              </span>
            }
            <span class="ellipsis">
              <code>{{ item.address }}</code>
              @if (item.agent; as agent) {
                <span class="second-line ellipsis"
                  ><bdi>{{ isBrowser(agent) ? browserName(agent, t()) : agent }}</bdi></span
                >
              }
            </span>
          </a>
        </li>
      }
    </ul>
  `,
  styles: `
    a {
      display: grid;
      grid-template-columns: 104px;
      grid-auto-columns: minmax(0, 1fr);
      grid-auto-flow: column;
      align-items: baseline;
      gap: var(--space-1) var(--space-4);
      padding: var(--space-3) var(--space-4);
    }
    a:hover {
      background: var(--mat-sys-surface-container-low);
    }
    strong {
      font-weight: 550;
    }
    @media (width < 53.75em) {
      a {
        grid-template-columns: minmax(0, 1fr);
        grid-auto-flow: row;
      }
    }
  `,
})
export class RejectionRows {
  readonly items = input.required<readonly ExplanationDto[]>();
  readonly label = input.required<string>();
  /** Whether all rejections are of the token whose page shows them. */
  readonly isOfOneToken = input(false, { transform: booleanAttribute });

  protected readonly t = injectTexts();
  protected readonly isBrowser = isBrowser;
  protected readonly browserName = browserName;

  /** Returns the note of the token, or the preview of the presented secret. */
  protected secretOf({ token, presentedPreview }: ExplanationDto): string | undefined {
    const note = token?.note;
    return note && isBrowser(note) ? browserName(note, this.t()) : (note ?? presentedPreview);
  }
}

/** Reads the latest rejections, newest first. */
export function latestRejections(
  http: HttpClient,
  query: ExplanationQueryDto,
): Observable<readonly ExplanationDto[]> {
  return http.post<ExplanationListDto>('/explanations', query).pipe(map(({ items }) => items));
}
