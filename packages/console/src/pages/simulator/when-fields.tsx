import { Button } from '../../ui/button.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { knownZones } from '../users/profile-fields.tsx';
import { isZone, nextWall } from './instant.ts';

interface WhenFieldsProps {
  wall: string;
  zone: string;
  /** What counts while no zone is named. */
  usualZone: string;
  onWhen: (when: { wall: string; zone: string }) => void;
  wrong: string | undefined;
}

const presets = [
  { label: 'Sunday at 03:00', weekday: 7, hour: 3 },
  { label: 'Monday at 09:00', weekday: 1, hour: 9 },
  { label: 'Friday at 23:00', weekday: 5, hour: 23 },
] as const;

/** A time on the wall of a zone; empty for now. */
export function WhenFields({ wall, zone, usualZone, onWhen, wrong }: WhenFieldsProps) {
  const shownZone = zone.trim() === '' ? usualZone : zone.trim();
  return (
    <fieldset class="stack tight">
      <legend>When</legend>
      <div class="form columns">
        <Field label="Date and time">
          {(ties) => (
            <input
              {...ties}
              class="input"
              type="datetime-local"
              value={wall}
              onInput={(event) => onWhen({ zone, wall: event.currentTarget.value })}
            />
          )}
        </Field>
        <TextField
          label="On the wall of"
          value={zone}
          onValue={(value) => onWhen({ wall, zone: value })}
          placeholder={usualZone}
          options={knownZones()}
          wrong={wrong}
        />
      </div>
      <div class="row">
        <Button onClick={() => onWhen({ zone, wall: '' })} aria-pressed={wall === ''}>
          Now
        </Button>
        {presets.map(({ label, weekday, hour }) => (
          <Button
            key={label}
            disabled={!isZone(shownZone)}
            onClick={() => onWhen({ zone, wall: nextWall(new Date(), shownZone, weekday, hour) })}
          >
            {label}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
