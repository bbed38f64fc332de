package catalog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// rotatingFolder names, in the environment, the folder in which this program is
// to rotate keys until it is killed.
const rotatingFolder = "DUCTAPE_TEST_ROTATING_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(rotatingFolder); folder != "" {
		fmt.Fprintln(os.Stderr, rotateForEver(folder))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func openFolder(ctx context.Context, folder string) (*Catalog, error) {
	s, err := sqlstore.OpenSQLite(ctx, folder, sqlstore.Options{})
	if err != nil {
		return nil, err
	}
	k, _, err := OpenKeyring(ctx, s, secret.MasterKeyOptions{Folder: folder})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return New(Config{Store: s, Keyring: k}), nil
}

// rotateForEver rotates the master key and the data key in turn, and writes a
// line when one is done.
func rotateForEver(folder string) error {
	ctx := context.Background()
	for {
		c, err := openFolder(ctx, folder)
		if err != nil {
			return err
		}
		fmt.Println("open")
		if _, err := c.RotateDataKey(ctx, ws); err != nil {
			return err
		}
		fmt.Println("data")
		if _, _, err := c.keyring.RotateGenerated(ctx, folder); err != nil {
			return err
		}
		fmt.Println("master")
		if err := c.store.Close(); err != nil {
			return err
		}
	}
}

// A process that rotates keys is killed, at another point each time; whatever it
// was doing, the folder opens with the key that is in it, and every secret too.
func TestKilledRotation(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	c, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	const secrets = 300
	for i := range secrets {
		mustSet(t, c, fmt.Sprint("K", i), fmt.Sprint("value ", i), SecretScope{})
	}
	if err := c.store.Close(); err != nil {
		t.Fatal(err)
	}
	kills := 8
	if testing.Short() {
		kills = 2
	}
	for range kills {
		killRotation(t, folder, 1+rand.IntN(6), rand.IntN(400_000))
		c, err := openFolder(ctx, folder)
		if err != nil {
			t.Fatal(err)
		}
		for i := range secrets {
			if v, err := c.OpenSecret(ctx, ws, fmt.Sprint("K", i), ductape.SecretUse{}); err != nil || v.Expose() != fmt.Sprint("value ", i) {
				t.Fatalf("K%d: %v", i, err)
			}
		}
		if err := c.store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killRotation kills the process after some lines and a little work of our own,
// so that it is somewhere in the middle of the next step.
func killRotation(t *testing.T, folder string, lines, work int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), rotatingFolder+"="+folder)
	var failed strings.Builder
	cmd.Stderr = &failed
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	for n := 0; n < lines && scan.Scan(); n++ {
		continue
	}
	for sum := [32]byte{}; work > 0; work -= 1000 {
		for range 1000 {
			sum[0]++
		}
		_, _ = os.Stat(folder)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // killed
	if failed.Len() > 0 {
		t.Fatalf("the rotation failed: %s", failed.String())
	}
}

// Each step of a rotation of the generated key, cut off right behind it.
func TestRotateGeneratedStepByStep(t *testing.T) {
	ctx := context.Background()
	for _, steps := range []int{1, 2, 3} {
		folder := t.TempDir()
		c, err := openFolder(ctx, folder)
		if err != nil {
			t.Fatal(err)
		}
		mustSet(t, c, "K", "value", SecretScope{})
		next, err := secret.NewKeyFile(folder)
		if err == nil && steps > 1 {
			_, err = c.keyring.RotateMaster(ctx, next)
		}
		if err == nil && steps > 2 {
			_, err = c.keyring.adopt(ctx, folder)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := c.store.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // found, and found again
			again, err := openFolder(ctx, folder)
			if err != nil {
				t.Fatalf("after %d steps: %v", steps, err)
			}
			opens(t, again, "K", "value")
			if err := again.store.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Of two rotations that overlap, the one that the data knows keeps its key.
func TestOverlappingRotations(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	a, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	mustSet(t, a, "K", "value", SecretScope{})
	b, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	keyOfA, err := secret.NewKeyFile(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.keyring.RotateMaster(ctx, keyOfA); err != nil { // a stops here for a while
		t.Fatal(err)
	}
	if _, _, err := b.keyring.RotateGenerated(ctx, folder); err == nil {
		t.Error("b rotated a key that is no longer the data's")
	}
	c, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.keyring.RotateGenerated(ctx, folder); err != nil {
		t.Fatal(err)
	}
	if _, err := a.keyring.adopt(ctx, folder); err != nil { // a goes on
		t.Fatal(err)
	}
	d, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	opens(t, d, "K", "value")
	for _, c := range []*Catalog{a, b, c, d} {
		_ = c.store.Close()
	}
}
