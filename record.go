package ductape

import "time"

// A RunRecord is what is kept of one run. It never holds a secret, nor the
// bodies of the request and the answer.
type RunRecord struct {
	ID         string    `json:"id"` // sorts by time
	Workspace  string    `json:"workspace"`
	StartedAt  time.Time `json:"started_at"`
	DurationUS int64     `json:"duration_us"` // microseconds, start to finish
	Product    string    `json:"product"`
	Env        string    `json:"env"`
	App        string    `json:"app"`
	Event      string    `json:"event"`
	Method     string    `json:"method,omitempty"`
	URL        string    `json:"url,omitempty"` // without its query
	KeyID      string    `json:"key_id,omitempty"`
	Session    string    `json:"session,omitempty"` // session id
	Identifier string    `json:"user,omitempty"`    // hash of what identifies the session's user, hex
	Outcome    Code      `json:"outcome"`           // "ok" or the error's code
	Step       string    `json:"step,omitempty"`    // the step that failed
	Message    string    `json:"message,omitempty"` // why, redacted
	Status     int       `json:"status,omitempty"`  // the API's last status
	Attempts   int       `json:"attempts"`
	Cache      string    `json:"cache"` // hit, miss or none
	BytesOut   int64     `json:"bytes_out"`
	BytesIn    int64     `json:"bytes_in"`
}

// OutcomeOK is the outcome of a run that succeeded.
const OutcomeOK Code = "ok"
