import type { TemplateResult } from 'lit';
import type { PanelKit } from './kit.ts';
import { wordsOf, type QuietHours } from './preferences.ts';

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** The form for the hours in which what is not urgent waits. */
export interface QuietForm {
  fill(stored: QuietHours): void;
  render(): TemplateResult;
}

export function createQuietForm(kit: PanelKit): QuietForm {
  const { html, client, words, texts } = kit;
  const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  let isOn = false;
  let start = '22:00';
  let end = '07:00';
  let zone = ownZone;
  let days: readonly number[] = weekdays;
  let urgentPasses = true;
  let problem: string | undefined;

  async function save(): Promise<void> {
    problem = undefined;
    try {
      if (isOn) {
        const everyDay = days.length === weekdays.length;
        await client.quietHours.set('me', {
          ...{ start, end, zone, days: everyDay ? null : [...days], urgent_passes: urgentPasses },
        });
      } else await client.quietHours.delete('me');
      kit.say(texts.saved);
    } catch (error) {
      problem = wordsOf(error) ?? words.text('failed');
    }
    kit.changed();
  }

  /** What an input says, taken over. */
  function onInput(take: (input: HTMLInputElement | HTMLSelectElement) => void) {
    return ({ currentTarget }: Event): void => {
      if (currentTarget instanceof HTMLInputElement || currentTarget instanceof HTMLSelectElement) {
        take(currentTarget);
        kit.changed();
      }
    };
  }

  function viewDay(day: number): TemplateResult {
    const onChange = onInput((input) => {
      const isChosen = input instanceof HTMLInputElement && input.checked;
      days = weekdays.filter((one) => (one === day ? isChosen : days.includes(one)));
    });
    return html`<label class="weekday"
      ><input type="checkbox" .checked=${days.includes(day)} @change=${onChange} /><span
        >${words.weekday(day)}</span
      ></label
    >`;
  }

  function viewZones(): TemplateResult {
    const known = Intl.supportedValuesOf('timeZone');
    const zones = known.includes(zone) ? known : [zone, ...known];
    return html`<select @change=${onInput((input) => (zone = input.value))}>
      ${zones.map((one) => html`<option value=${one} ?selected=${one === zone}>${one.replaceAll('_', ' ')}</option>`)}
    </select>`;
  }

  function viewWindow(): TemplateResult {
    return html`<div class="times">
        <label
          >${texts.from}<input
            type="time"
            required
            .value=${start}
            @change=${onInput((input) => (start = input.value))}
        /></label>
        <label
          >${texts.until}<input
            type="time"
            required
            .value=${end}
            @change=${onInput((input) => (end = input.value))}
        /></label>
        <label class="wide">${texts.zone}${viewZones()}</label>
      </div>
      <fieldset>
        <legend>${texts.days}</legend>
        <div class="weekdays">${weekdays.map(viewDay)}</div>
      </fieldset>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${urgentPasses}
          @change=${onInput((input) => (urgentPasses = input instanceof HTMLInputElement && input.checked))}
        />${texts.urgentPasses}</label
      >`;
  }

  return {
    fill(stored) {
      isOn = stored.start !== null && stored.end !== null;
      start = stored.start ?? start;
      end = stored.end ?? end;
      zone = stored.zone ?? ownZone;
      days = stored.days ?? weekdays;
      urgentPasses = stored.urgent_passes;
    },
    render: () =>
      html`<form
        class="sub"
        part="quiet-hours"
        @submit=${(event: Event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h3>${texts.quietHours}</h3>
        <p class="sub-hint">${texts.quietHint}</p>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${isOn}
            @change=${onInput((input) => (isOn = input instanceof HTMLInputElement && input.checked))}
          />${texts.quietOn}</label
        >
        ${isOn ? viewWindow() : kit.nothing}
        ${problem === undefined ? kit.nothing : html`<p class="problem" role="alert">${problem}</p>`}
        <button class="action" part="save-button">${texts.save}</button>
      </form>`,
  };
}
