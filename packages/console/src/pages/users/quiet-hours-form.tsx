import { useState } from 'preact/hooks';
import type { Answer, Body } from '@carillon/client';
import { useDoing } from '../../load.ts';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { wrongAt } from '../../ui/shown.tsx';
import { knownZones } from './profile-fields.tsx';
import { dayName } from './week.ts';

interface QuietHoursFormProps {
  hours: Answer<'getQuietHours'>;
  onSave: (wish: Body<'setQuietHours'>) => Promise<void>;
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];

/** Sets a window as a whole. */
export function QuietHoursForm({ hours, onSave }: QuietHoursFormProps) {
  const [start, setStart] = useState(hours.start ?? '22:00');
  const [end, setEnd] = useState(hours.end ?? '07:00');
  const [zone, setZone] = useState(hours.zone ?? '');
  const [days, setDays] = useState<readonly number[]>(hours.days ?? weekdays);
  const [urgentPasses, setUrgentPasses] = useState(hours.urgent_passes);
  const saving = useDoing(() =>
    onSave({
      ...{ start, end, zone: zone.trim() === '' ? null : zone.trim(), urgent_passes: urgentPasses },
      days: days.length === weekdays.length ? null : [...days],
    }),
  );
  const toggle = (day: number, isOn: boolean): void =>
    setDays(weekdays.filter((one) => (one === day ? isOn : days.includes(one))));
  return (
    <Form onSubmit={() => saving.run()} label="Quiet hours">
      <div class="form columns">
        <TextField
          label="From"
          type="time"
          value={start}
          onValue={setStart}
          wrong={wrongAt(saving.error, '/start')}
        />
        <TextField
          label="Until"
          type="time"
          value={end}
          onValue={setEnd}
          hint="Earlier than the start: on the next day."
          wrong={wrongAt(saving.error, '/end')}
        />
        <TextField
          label="Time zone"
          value={zone}
          onValue={setZone}
          options={knownZones()}
          placeholder="that of the user"
          wrong={wrongAt(saving.error, '/zone')}
        />
      </div>
      <fieldset>
        <legend>On which days it starts</legend>
        <div class="row days">
          {weekdays.map((day) => (
            <CheckField
              key={day}
              label={dayName(day)}
              checked={days.includes(day)}
              onChecked={(isOn) => toggle(day, isOn)}
            />
          ))}
        </div>
      </fieldset>
      <CheckField
        label="Urgent notifications come through all the same"
        checked={urgentPasses}
        onChecked={setUrgentPasses}
      />
      <SaveRow of={saving}>{hours.start === null ? 'Set quiet hours' : 'Save'}</SaveRow>
    </Form>
  );
}
