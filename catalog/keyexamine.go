package catalog

import (
	"context"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// A SealFault is something that is kept sealed and does not open, or is not all
// there. It names a place and never a value.
type SealFault struct {
	Workspace string `json:"workspace"`
	Key       string `json:"key"`               // of the secret; or the name of a data key
	Version   int    `json:"version,omitempty"` // of the secret; 0: of a data key, or all
	Problem   string `json:"problem"`
}

// A SealReport says what of all that is kept sealed opens.
type SealReport struct {
	DataKeys int         `json:"data_keys"` // opened or tried: those of secrets and of sessions
	Secrets  int         `json:"secrets"`   // versions opened or tried, credentials of connections among them
	Left     int         `json:"left"`      // versions that there was no time for
	Faults   []SealFault `json:"faults"`
}

// allDataKeys sorts behind every name of a data key for secrets.
const allDataKeys = "zzzzzzzz"

// ExamineSeals opens every data key and every version of every secret, of all
// workspaces, and keeps none. It stops when ctx is done, which is no error: the
// report says how much was left. Step is told how far it is; nil: nobody is.
//
// What sealing cannot show is a row that is gone; of those, a newest version that
// was taken away is found.
func (c *Catalog) ExamineSeals(ctx context.Context, step func(done, total int)) (*SealReport, error) {
	if c.keyring == nil {
		return nil, errNoMasterKey()
	}
	// Reading is not bounded by ctx: only then it is known what was left.
	reading := context.WithoutCancel(ctx)
	e := &examination{c: c, step: step, report: &SealReport{Faults: []SealFault{}}, boxes: map[boxName]*secret.Box{}}
	if err := e.dataKeys(ctx, reading); err != nil {
		return nil, err
	}
	workspaces, err := c.store.Workspaces(reading)
	if err != nil {
		return nil, storeError(err, "listing workspaces")
	}
	for _, ws := range workspaces {
		if err := e.read(reading, ws); err != nil {
			return nil, err
		}
		if err := e.sessionsKey(reading, ws); err != nil {
			return nil, err
		}
	}
	e.open(ctx)
	return e.report, nil
}

// An examination is one call of ExamineSeals.
type examination struct {
	c      *Catalog
	step   func(done, total int)
	report *SealReport
	boxes  map[boxName]*secret.Box
	rows   []sealedRow
}

type sealedRow struct {
	workspace string
	store.SealedSecret
}

func (e *examination) fault(ws, key string, version int, problem string) {
	e.report.Faults = append(e.report.Faults, SealFault{ws, key, version, problem})
}

// dataKeys opens the data keys themselves, not what the keyring has in memory.
func (e *examination) dataKeys(ctx, reading context.Context) error {
	all, err := e.c.keyring.keys.DataKeys(reading)
	if err != nil {
		return storeError(err, "reading the data keys")
	}
	for _, d := range all {
		n := boxName{d.Workspace, d.Name}
		master, err := e.c.keyring.opener(ctx, d.Sealed)
		var box *secret.Box
		if err == nil {
			box, err = secret.OpenDataKey(ctx, master, d.Sealed, secret.DataKeyAD(n.workspace, n.name))
		}
		e.report.DataKeys++
		e.boxes[n] = box
		if err != nil {
			e.fault(d.Workspace, d.Name, 0, "the data key does not open: "+problemOf(err))
		}
	}
	return nil
}

// sessionsKey misses the first data key of sessions where there are any.
func (e *examination) sessionsKey(ctx context.Context, ws string) error {
	if _, ok := e.boxes[boxName{ws, sessionsKey}]; ok {
		return nil
	}
	needed, err := e.c.keyring.hasSessions(ctx, ws)
	if needed {
		e.fault(ws, sessionsKey, 0, "the data key is gone: tokens made with it are refused, and their sessions cannot be refreshed")
	}
	return err
}

// read takes the workspace's rows, sealed as they are.
func (e *examination) read(ctx context.Context, ws string) error {
	rows, err := e.c.store.SecretsSealedBefore(ctx, ws, allDataKeys, 1<<31-1)
	if err != nil {
		e.fault(ws, "", 0, "the rows of secrets cannot be read: "+err.Error())
		return nil
	}
	newest := map[string]int{}
	for _, r := range rows {
		newest[r.Key] = max(newest[r.Key], r.Version)
		e.rows = append(e.rows, sealedRow{ws, r})
	}
	listed, err := e.c.store.Secrets(ctx, ws)
	if err != nil {
		return storeError(err, "listing secrets")
	}
	for _, s := range listed {
		if _, ok := newest[s.Key]; !ok { // new, or it names a data key that sorts behind all
			e.rows = append(e.rows, sealedRow{ws, store.SealedSecret{Secret: s}})
		}
		delete(newest, s.Key)
	}
	for _, r := range rows {
		if newest[r.Key] == r.Version { // not the last that there was: a new one is made now, or it is gone
			e.gone(ctx, ws, r.Key, r.Version)
		}
	}
	return nil
}

func (e *examination) gone(ctx context.Context, ws, key string, newest int) {
	last, err := e.c.store.LastSecretVersion(ctx, ws, key)
	now, rerr := e.c.store.Secret(ctx, ws, key)
	switch {
	case err != nil || isMissing(rerr) || rerr == nil && now.Version == last: // changed meanwhile
	case last < newest:
		e.fault(ws, key, newest, "the row was moved there: no such version was ever set")
	default:
		e.fault(ws, key, last, fmt.Sprintf("the newest version is gone, and version %d is used in its place", newest))
	}
}

func (e *examination) open(ctx context.Context) {
	for i := range e.rows {
		if ctx.Err() != nil {
			e.report.Left = len(e.rows) - i
			return
		}
		e.report.Secrets++
		if problem := e.try(ctx, &e.rows[i]); problem != "" {
			e.fault(e.rows[i].workspace, e.rows[i].Key, e.rows[i].Version, problem)
		}
		if e.step != nil {
			e.step(i+1, len(e.rows))
		}
	}
}

// try opens one row and says what is wrong with it.
func (e *examination) try(ctx context.Context, r *sealedRow) string {
	if e.opens(r) {
		return ""
	}
	// It may have been sealed anew since it was read.
	again, err := e.c.store.SecretVersions(context.WithoutCancel(ctx), r.workspace, r.Key)
	if err != nil {
		return "the row cannot be read: " + err.Error()
	}
	for i := range again {
		if again[i].Version != r.Version {
			continue
		}
		if _, err := e.c.unseal(ctx, r.workspace, &again[i]); err == nil {
			return ""
		}
		if _, ok := e.boxes[boxName{r.workspace, dataKeyOf(r.DataKey)}]; !ok {
			return "the data key " + quote(dataKeyOf(r.DataKey)) + " that sealed it is not there"
		}
		return "does not open: the row was changed, cut or moved"
	}
	return "" // deleted meanwhile
}

func (e *examination) opens(r *sealedRow) bool {
	box := e.boxes[boxName{r.workspace, dataKeyOf(r.DataKey)}]
	if box == nil {
		return false
	}
	_, err := box.Open(r.Sealed, secretAD(r.workspace, &r.Secret))
	return err == nil
}

func dataKeyOf(name string) string {
	if name == "" {
		return secretsKey
	}
	return name
}

// problemOf is what an error says to whoever looks after the data.
func problemOf(err error) string {
	var e *ductape.Error
	switch {
	case errors.Is(err, secret.ErrWrongMasterKey) && errors.As(err, &e):
		return e.Message
	case errors.Is(err, secret.ErrSealed):
		return "it was changed or moved"
	case errors.Is(err, context.DeadlineExceeded):
		return "no time was left"
	}
	return err.Error()
}
