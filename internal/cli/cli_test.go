package cli_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/mccutchen/go-httpbin/v2/httpbin"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ductape-go/ductape/internal/cli"
)

var update = flag.Bool("update", false, "write what the scripts print into their cmp files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ductape": func() {
		os.Exit(cli.Main(cli.Process{Args: os.Args[1:], Version: "test", Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
	}})
}

// TestScripts plays testdata/script. The scripts are also a guide: each shows
// one thing that people do, with the output it has.
//
// Besides testscript's own commands they have
//
//	upstream          starts an API that writes down what it gets; $UPSTREAM is its URL
//	httpbin           the same name for httpbin, an API that nobody here wrote
//	fill FILE...      puts the API's URL in place of UPSTREAM
//	seen FILE         writes what the API got since the last time
//	serve DATA        starts a server; sets DUCTAPE_URL and DUCTAPE_KEY
//	absent TEXT PATH  wants TEXT, in any form, in no file below PATH
//	mask FILE REGEXP  puts * in place of what differs each time
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"), UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"upstream": upstream, "httpbin": startHTTPBin, "fill": fill, "seen": seen, "serve": serve, "absent": absent, "mask": mask,
		},
	})
}

// A recorder is an API that writes down what it gets, and answers by path.
type recorder struct {
	mu   sync.Mutex
	text strings.Builder
}

var recorders sync.Map // script's work folder -> *recorder

func upstream(ts *testscript.TestScript, _ bool, _ []string) {
	r := new(recorder)
	recorders.Store(ts.Getenv("WORK"), r)
	listen(ts, r)
}

func startHTTPBin(ts *testscript.TestScript, _ bool, _ []string) { listen(ts, httpbin.New()) }

func listen(ts *testscript.TestScript, h http.Handler) {
	srv := httptest.NewServer(h)
	ts.Defer(srv.Close)
	ts.Setenv("UPSTREAM", srv.URL)
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	fmt.Fprintf(&r.text, "%s %s\n", req.Method, req.RequestURI)
	for _, name := range []string{"Authorization", "Content-Type", "X-Trace"} {
		if v := req.Header.Get(name); v != "" {
			fmt.Fprintf(&r.text, "%s: %s\n", name, v)
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&r.text, "%s\n", body)
	}
	r.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if req.URL.Path == "/fail" {
		w.WriteHeader(http.StatusPaymentRequired)
		io.WriteString(w, `{"error":{"code":"card_declined"}}`)
		return
	}
	io.WriteString(w, `{"id":"pet_1"}`+"\n")
}

func seen(ts *testscript.TestScript, _ bool, args []string) {
	v, _ := recorders.Load(ts.Getenv("WORK"))
	r := v.(*recorder)
	r.mu.Lock()
	defer r.mu.Unlock()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(r.text.String()), 0o600))
	r.text.Reset()
}

func fill(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := strings.ReplaceAll(ts.ReadFile(name), "UPSTREAM", ts.Getenv("UPSTREAM"))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// changes is what differs each time.
var changes = regexp.MustCompile(`run_[0-9a-z]{20,}|ses_[0-9a-z]{20,}|key_\w{22}|user_\w{22}|pk_\w{22}|dk_\w{43}|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[0-9.]*Z?|http://127\.0\.0\.1:\d+|\b[0-9.]+(µs|ms)\b|"duration_us":\d+`)

// mask rewrites a file, "stdout" or "stderr" for the last command's, as NEW
// with * in place of what differs each time.
func mask(ts *testscript.TestScript, _ bool, args []string) {
	text := changes.ReplaceAllString(ts.ReadFile(args[0]), "*")
	text = regexp.MustCompile(` +\n`).ReplaceAllString(regexp.MustCompile(`  +`).ReplaceAllString(text, "  "), "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

var listens = regexp.MustCompile(`listens on (http://\S+),`)

// serve starts `ductape serve` over a data folder, and makes a key for it.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	create := ductape(ts, "keys", "create", "--data", args[0], "--json")
	create.Stdout = &out
	ts.Check(create.Run())
	key := regexp.MustCompile(`"key":"(\w+)"`).FindStringSubmatch(out.String())[1]

	cmd := ductape(ts, "serve", "--data", args[0], "--addr", "127.0.0.1:0")
	pipe, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	scan := bufio.NewScanner(pipe)
	for scan.Scan() {
		if m := listens.FindStringSubmatch(scan.Text()); m != nil {
			ts.Setenv("DUCTAPE_URL", m[1])
			ts.Setenv("DUCTAPE_KEY", key)
			return
		}
	}
	ts.Fatalf("the server ended before it listened")
}

// ductape is the command, as the script itself would start it.
func ductape(ts *testscript.TestScript, args ...string) *exec.Cmd {
	var program string
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if file := filepath.Join(folder, "ductape"); program == "" {
			if _, err := os.Stat(file); err == nil {
				program = file
			}
		}
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME")}
	return cmd
}

// absent looks for a text, as it is and in the forms it may take on its way,
// in every file below a path, or in one file.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(args[0])
	forms := map[string]string{
		"plain": args[0], "base64": base64.StdEncoding.EncodeToString(text), "base64url": base64.RawURLEncoding.EncodeToString(text),
		"hex": hex.EncodeToString(text), "percent": url.QueryEscape(args[0]),
	}
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		held, err := os.ReadFile(file)
		for name, form := range forms {
			if bytes.Contains(held, []byte(form)) {
				ts.Fatalf("%s holds the text (%s)", file, name)
			}
		}
		return err
	}))
}
